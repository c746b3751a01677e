"""A wire that takes its time: what enters one of two network interfaces leaves the other so many milliseconds later.

Started by networks.py, in a network namespace of its own, as ‘wire.py LEFT RIGHT’. Each line of standard input is a delay; the first
says that the interfaces are there, and the end of the input is its own end. The kernel's netem would do the same, but many kernels are
built without it.
"""

import collections, contextlib, os, select, signal, socket, sys, time

# <linux/if_packet.h>: frames come and go with what the network card was to do for them, so that nothing is left out of checksums.
SOL_PACKET, PACKET_VNET_HDR, PACKET_IGNORE_OUTGOING = 263, 15, 23
EVERY_PROTOCOL = 3
LONGEST_FRAME = 1 << 17


def end_of_wire(name):
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    end.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    end.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    end.bind((name, EVERY_PROTOCOL))
    end.setblocking(False)
    return end


def main():
    # Whoever has started it ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    delay, under_way = float(os.read(0, 100)) / 1000, collections.deque()
    left, right = ends = [end_of_wire(name) for name in sys.argv[1:]]
    print("ready", flush=True)
    while True:
        patience = max(0, under_way[0][0] - time.monotonic()) if under_way else None
        ready, _, _ = select.select([*ends, 0], [], [], patience)
        if 0 in ready:
            lines = os.read(0, 100).split()
            if not lines:
                return
            delay = float(lines[-1]) / 1000
        for end, other in ((left, right), (right, left)):
            # What a torn wire has to say, or refuses, is lost.
            with contextlib.suppress(OSError):
                if end in ready:
                    frame = end.recv(LONGEST_FRAME)
                    # Nothing overtakes, also when the delay shrinks.
                    due = max(time.monotonic() + delay, under_way[-1][0] if under_way else 0)
                    under_way.append((due, other, frame))
        while under_way and under_way[0][0] <= time.monotonic():
            _, end, frame = under_way.popleft()
            with contextlib.suppress(OSError):
                end.send(frame)


main()
