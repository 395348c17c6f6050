// Connects, waits for the CONNACK, leaves and comes again, on one thread: connects port=1883 secs=4 parallel=64 users=100000
// With users each CONNECT takes one of user0 … with its password pass0 …; without it is anonymous.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int port = 1883, secs = 4, parallel = 64, users, turn;
static long accepted, refused, failed;
static int ep;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static uint8_t *text(uint8_t *at, const char *s)
{
    size_t n = strlen(s);
    *at++ = (uint8_t)(n >> 8), *at++ = (uint8_t)n;
    return (uint8_t *)memcpy(at, s, n) + n;
}

static void begin(void)
{
    int s = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct linger reset = { 1, 0 }; // so that ports are free again at once
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(s, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (connect(s, (struct sockaddr *)&to, sizeof to) < 0) {
        failed++;
        close(s);
        usleep(1000);
        return begin();
    }
    uint8_t p[256] = { 0x10, 0 }, *at = text(p + 2, "MQTT");
    char id[32], user[32], pass[32];
    int who = users ? rand() % users : 0;
    *at++ = 4, *at++ = users ? 0xC2 : 2, *at++ = 0, *at++ = 60;
    snprintf(id, sizeof id, "c%d", turn++), snprintf(user, sizeof user, "user%d", who), snprintf(pass, sizeof pass, "pass%d", who);
    at = text(at, id);
    if (users)
        at = text(at, user), at = text(at, pass);
    p[1] = (uint8_t)(at - p - 2);
    if (write(s, p, (size_t)(at - p)) < 0)
        failed++;
    struct epoll_event e = { .events = EPOLLIN, .data.fd = s };
    epoll_ctl(ep, EPOLL_CTL_ADD, s, &e);
}

int main(int n, char **arguments)
{
    for (int i = 1; i < n; i++) {
        char *value = strchr(arguments[i], '=');
        if (!value)
            return fprintf(stderr, "not key=value: %s\n", arguments[i]), 1;
        *value++ = 0;
        int *known = !strcmp(arguments[i], "port") ? &port : !strcmp(arguments[i], "secs") ? &secs : !strcmp(arguments[i], "parallel") ? &parallel : !strcmp(arguments[i], "users") ? &users : NULL;
        if (!known)
            return fprintf(stderr, "no such option: %s\n", arguments[i]), 1;
        *known = atoi(value);
    }
    ep = epoll_create1(0);
    for (int i = 0; i < parallel; i++)
        begin();
    double begun = now(), end = begun + secs;
    struct epoll_event ready[64];
    while (now() < end) {
        int count = epoll_wait(ep, ready, 64, 100);
        for (int i = 0; i < count; i++) {
            uint8_t answer[64];
            ssize_t got = read(ready[i].data.fd, answer, sizeof answer);
            if (got >= 4 && answer[0] == 0x20)
                answer[3] ? refused++ : accepted++;
            else
                failed++;
            close(ready[i].data.fd);
            begin();
        }
    }
    printf("accepted/s=%.0f refused=%ld failed=%ld\n", accepted / (now() - begun), refused, failed);
    return 0;
}
