#pragma once
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

// What Swift cannot say itself: functions with variable arguments, and casts between socket address types.

/// Before 0.9.71 callbacks returned an int; afterwards an enum of the same size.
#if MHD_VERSION >= 0x00097002
typedef enum MHD_Result zoolab_http_result;
#else
typedef int zoolab_http_result;
#endif

static const zoolab_http_result zoolab_http_yes = MHD_YES;
static const zoolab_http_result zoolab_http_no = MHD_NO;

typedef zoolab_http_result (*zoolab_http_handler)(void *context, struct MHD_Connection *connection, const char *url,
                                                  const char *method, const char *version, const char *upload,
                                                  size_t *upload_size, void **request);
typedef void (*zoolab_http_completed)(void *context, struct MHD_Connection *connection, void **request,
                                      enum MHD_RequestTerminationCode code);
typedef zoolab_http_result (*zoolab_http_pair)(void *context, enum MHD_ValueKind kind, const char *key,
                                               const char *value);

/// A listening socket; its number, or a negative errno (of getaddrinfo's failures -EADDRNOTAVAIL). Tells the port.
static inline int zoolab_http_listen(const char *host, const char *port, uint16_t *bound) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found = NULL;
    if (getaddrinfo(host, port, &hints, &found) != 0) return -EADDRNOTAVAIL;
    int status = -EADDRNOTAVAIL;
    for (struct addrinfo *at = found; at; at = at->ai_next) {
        int one = 1, file = socket(at->ai_family, at->ai_socktype, 0);
        if (file < 0) { status = -errno; continue; }
        setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        struct sockaddr_storage address;
        socklen_t length = sizeof address;
        if (bind(file, at->ai_addr, at->ai_addrlen) == 0 && listen(file, 64) == 0
            && getsockname(file, (struct sockaddr *)&address, &length) == 0) {
            *bound = ntohs(address.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&address)->sin6_port
                                                         : ((struct sockaddr_in *)&address)->sin_port);
            status = file;
            break;
        }
        status = -errno;
        close(file);
    }
    freeaddrinfo(found);
    return status;
}

/// One thread of the library's own, which polls, since a server of many clients has descriptors beyond select's; connections may
/// be suspended. Takes the socket over; below 0 it serves adopted connections only.
static inline struct MHD_Daemon *zoolab_http_start(int socket, unsigned connection_limit, unsigned timeout_seconds,
                                                   zoolab_http_handler handler, zoolab_http_completed completed,
                                                   void *context) {
    if (socket < 0)
        return MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET,
                                0, NULL, NULL, (MHD_AccessHandlerCallback)handler, context,
                                MHD_OPTION_CONNECTION_LIMIT, connection_limit, MHD_OPTION_CONNECTION_TIMEOUT,
                                timeout_seconds, MHD_OPTION_NOTIFY_COMPLETED, completed, context, MHD_OPTION_END);
    return MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
                            (MHD_AccessHandlerCallback)handler, context, MHD_OPTION_LISTEN_SOCKET, socket,
                            MHD_OPTION_CONNECTION_LIMIT, connection_limit, MHD_OPTION_CONNECTION_TIMEOUT,
                            timeout_seconds, MHD_OPTION_NOTIFY_COMPLETED, completed, context, MHD_OPTION_END);
}

/// Serves a connection that somebody else has accepted from the numeric `host`; takes the socket over.
static inline void zoolab_http_adopt(struct MHD_Daemon *daemon, int socket, const char *host) {
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM}, *found = NULL;
    if (getaddrinfo(host, "1", &hints, &found) != 0) { close(socket); return; }
    (void)MHD_add_connection(daemon, socket, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
}

/// A response that sends a whole file; NULL where it cannot be read.
static inline struct MHD_Response *zoolab_http_file(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0) return NULL;
    if (fstat(file, &status) != 0) { close(file); return NULL; }
    struct MHD_Response *response = MHD_create_response_from_fd64((uint64_t)status.st_size, file);
    if (!response) close(file);
    return response;
}

/// A new file for a body, readable by its owner only; below 0 where there can be none.
static inline int zoolab_http_create(const char *path) {
    return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

/// How much was written; -1 with errno.
static inline ssize_t zoolab_http_write(int file, const void *bytes, size_t size) {
    ssize_t count;
    do count = write(file, bytes, size); while (count < 0 && errno == EINTR);
    return count;
}

/// A response whose bytes are copied.
static inline struct MHD_Response *zoolab_http_bytes(const void *bytes, size_t size) {
    return MHD_create_response_from_buffer(size, (void *)bytes, MHD_RESPMEM_MUST_COPY);
}

/// A header of the request; NULL where it is missing.
static inline const char *zoolab_http_header(struct MHD_Connection *connection, const char *name) {
    return MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);
}

/// The socket of a connection; -1 where it is not known.
static inline int zoolab_http_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/// The numeric address of the client; empty where it is not known.
static inline void zoolab_http_client(struct MHD_Connection *connection, char *text, size_t size) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    text[0] = 0;
    if (!info || !info->client_addr) return;
    socklen_t length = info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    if (getnameinfo(info->client_addr, length, text, (socklen_t)size, NULL, 0, NI_NUMERICHOST) != 0) text[0] = 0;
}

static inline void zoolab_http_query(struct MHD_Connection *connection, zoolab_http_pair pair, void *context) {
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, (MHD_KeyValueIterator)pair, context);
}
