// zoolab-door CHANNEL PORT... -- COMMAND...
//
// The way out of a sandbox that has a network of its own. It listens on each PORT of that network's loopback, hands the
// listening sockets over to the judge through the Unix socket that is descriptor CHANNEL, and becomes COMMAND. From then
// on the judge itself accepts the connections: nothing stands between the program and it, and nothing else can be reached.
//
// In C, because it starts once for every program, before its limits are set, where there is no Swift library.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAXIMUM_PORTS = 8, BACKLOG = 64, FAILED = 120 };

static int fail(const char *what) {
    fprintf(stderr, "zoolab-door: %s: %s\n", what, strerror(errno));
    return FAILED;
}

// Returns -1 where the port cannot be opened.
static int listen_on_loopback(const char *port) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(port)), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (listener < 0) return -1;
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0) return -1;
    // The judge waits for connections on many sockets at a time, so that none may make it wait.
    if (fcntl(listener, F_SETFL, O_NONBLOCK) < 0) return -1;
    return listen(listener, BACKLOG) < 0 ? -1 : listener;
}

// Sends all sockets with one byte, because descriptors cannot travel alone.
static ssize_t hand_over(int channel, const int *listeners, int count) {
    union {
        struct cmsghdr header;
        char space[CMSG_SPACE(sizeof(int) * MAXIMUM_PORTS)];
    } control = {0};
    size_t size = sizeof(int) * (size_t)count;
    struct iovec byte = {.iov_base = "\n", .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &byte, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = CMSG_SPACE(size)};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(size);
    memcpy(CMSG_DATA(header), listeners, size);
    return sendmsg(channel, &message, 0);
}

int main(int count, char **words) {
    int listeners[MAXIMUM_PORTS], ports = 0, word = 2;
    for (; word < count && strcmp(words[word], "--") != 0; word++, ports++) {
        if (ports == MAXIMUM_PORTS) return fputs("zoolab-door: too many ports\n", stderr), FAILED;
        listeners[ports] = listen_on_loopback(words[word]);
        if (listeners[ports] < 0) return fail(words[word]);
    }
    if (ports == 0 || word + 1 >= count) {
        return fputs("usage: zoolab-door CHANNEL PORT... -- COMMAND...\n", stderr), FAILED;
    }
    int channel = atoi(words[1]);
    if (hand_over(channel, listeners, ports) != 1) return fail("the judge does not listen");
    // The program must inherit neither the channel nor the sockets.
    for (int port = 0; port < ports; port++) close(listeners[port]);
    close(channel);
    execvp(words[word + 1], words + word + 1);
    return fail(words[word + 1]);
}
