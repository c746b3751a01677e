#pragma once
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <unistd.h>
#include <uv.h>

// What Swift cannot say itself: casts between socket address types, walking an addrinfo list, signal dispositions.

/// Reads a numeric IPv4 or IPv6 address; 0, or UV_EINVAL where `host` is a name.
static inline int zoolab_address_parse(const char *host, uint16_t port, struct sockaddr_storage *address) {
    memset(address, 0, sizeof *address);
    if (uv_ip4_addr(host, port, (struct sockaddr_in *)address) == 0) return 0;
    return uv_ip6_addr(host, port, (struct sockaddr_in6 *)address);
}

static inline uint16_t zoolab_address_port(const struct sockaddr_storage *address) {
    return address->ss_family == AF_INET6 ? ntohs(((const struct sockaddr_in6 *)address)->sin6_port)
                                          : ntohs(((const struct sockaddr_in *)address)->sin_port);
}

static inline void zoolab_address_set_port(struct sockaddr_storage *address, uint16_t port) {
    if (address->ss_family == AF_INET6) ((struct sockaddr_in6 *)address)->sin6_port = htons(port);
    else ((struct sockaddr_in *)address)->sin_port = htons(port);
}

/// Writes the numeric host without its port.
static inline int zoolab_address_host(const struct sockaddr_storage *address, char *text, size_t size) {
    return address->ss_family == AF_INET6 ? uv_ip6_name((const struct sockaddr_in6 *)address, text, size)
                                          : uv_ip4_name((const struct sockaddr_in *)address, text, size);
}

/// Copies up to `limit` stream addresses of a resolver's answer; returns how many.
static inline int zoolab_addresses_copy(const struct addrinfo *list, struct sockaddr_storage *into, int limit) {
    int count = 0;
    for (; list && count < limit; list = list->ai_next) {
        if (list->ai_family != AF_INET && list->ai_family != AF_INET6) continue;
        memset(&into[count], 0, sizeof into[count]);
        memcpy(&into[count++], list->ai_addr, list->ai_addrlen);
    }
    return count;
}

/// Starts a resolution of `host` to stream addresses; without a callback it blocks.
static inline int zoolab_resolve(uv_loop_t *loop, uv_getaddrinfo_t *request, uv_getaddrinfo_cb done, const char *host) {
    struct addrinfo hints;
    memset(&hints, 0, sizeof hints);
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    return uv_getaddrinfo(loop, request, done, host, NULL, &hints);
}

static inline int zoolab_tcp_bind(uv_tcp_t *tcp, const struct sockaddr_storage *address) {
    return uv_tcp_bind(tcp, (const struct sockaddr *)address, 0);
}

static inline int zoolab_tcp_connect(
    uv_connect_t *request, uv_tcp_t *tcp, const struct sockaddr_storage *address, uv_connect_cb done) {
    return uv_tcp_connect(request, tcp, (const struct sockaddr *)address, done);
}

static inline int zoolab_tcp_local_address(const uv_tcp_t *tcp, struct sockaddr_storage *address) {
    int size = sizeof *address;
    return uv_tcp_getsockname(tcp, (struct sockaddr *)address, &size);
}

static inline int zoolab_tcp_remote_address(const uv_tcp_t *tcp, struct sockaddr_storage *address) {
    int size = sizeof *address;
    return uv_tcp_getpeername(tcp, (struct sockaddr *)address, &size);
}

/// A write to a closed pipe or socket becomes an error, not the end of the process.
static inline void zoolab_ignore_broken_pipes(void) { signal(SIGPIPE, SIG_IGN); }

/// Waits for a child that has been killed, so that no zombie is left.
static inline void zoolab_reap(int process) {
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
}

/// Has the system kill this process, even one that is stopped, when the thread that started it ends. Linux only.
static inline void zoolab_die_with_parent(void) {
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

/// Runs `entry` on a thread that nobody joins.
static inline int zoolab_thread_start(void (*entry)(void *), void *argument) {
    uv_thread_t thread;
    int status = uv_thread_create(&thread, entry, argument);
    if (status == 0) pthread_detach(thread);
    return status;
}

static inline uintptr_t zoolab_thread_self(void) { return (uintptr_t)uv_thread_self(); }

// An enum of glibc's, a number elsewhere.
static const int zoolab_stream_socket = SOCK_STREAM;

/// Lets the system ask now and then whether a silent peer is still there, as often as it is set up to.
static inline int zoolab_tcp_keep_alive(uv_tcp_t *tcp) {
    uv_os_fd_t socket;
    int one = 1, status = uv_fileno((uv_handle_t *)tcp, &socket);
    if (status != 0) return status;
    return setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one) == 0 ? 0 : -errno;
}

static inline void zoolab_socket_close(int socket) { close(socket); }
