/* Two-phase commit as a set of messages that only grows, after the specification TwoPhase of Gray and Lamport: the
   same steps as in Sources/PublishedModels/TwoPhase.swift, for spin. Eight managers unless N says otherwise.

   spin -DN=8 -a two-phase.pml && cc -O2 -DSAFETY -DNOREDUCE -DMEMLIM=8000 -o pan pan.c && ./pan -m10000 -w24
 */
#ifndef N
#define N 8
#endif

#define WORKING   0
#define PREPARED  1
#define COMMITTED 2
#define ABORTED   3
#define UNDECIDED 0

byte manager[N];
short sent;         /* Bit i: manager i has said that it is prepared. */
short known;        /* Bit i: the coordinator knows that manager i is prepared. */
byte coordinator;   /* Its decision is its message, too. */

#define MANAGER(i) \
  :: d_step { coordinator == UNDECIDED && (sent & (1 << i)) -> known = known | (1 << i) } \
  :: d_step { manager[i] == WORKING -> manager[i] = PREPARED; sent = sent | (1 << i) } \
  :: d_step { manager[i] == WORKING -> manager[i] = ABORTED } \
  :: d_step { coordinator == COMMITTED -> manager[i] = COMMITTED } \
  :: d_step { coordinator == ABORTED -> manager[i] = ABORTED }

active proctype everybody() {
  do
  :: d_step { coordinator == UNDECIDED && known == (1 << N) - 1 -> coordinator = COMMITTED }
  :: d_step { coordinator == UNDECIDED -> coordinator = ABORTED }
  MANAGER(0)
#if N > 1
  MANAGER(1)
#endif
#if N > 2
  MANAGER(2)
#endif
#if N > 3
  MANAGER(3)
#endif
#if N > 4
  MANAGER(4)
#endif
#if N > 5
  MANAGER(5)
#endif
#if N > 6
  MANAGER(6)
#endif
#if N > 7
  MANAGER(7)
#endif
#if N > 8
  MANAGER(8)
#endif
  od
}
