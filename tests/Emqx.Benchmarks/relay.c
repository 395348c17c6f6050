/* A stateless relay: the least that something must do which passes MQTT 3.1.1 messages on, and so the ceiling of what a load generator can show.
 *
 *   cc -O2 -o relay relay.c && ./relay PORT
 *
 * One thread. It answers CONNECT, SUBSCRIBE and PINGREQ, acknowledges QoS 1 at once, and copies each PUBLISH as it came to every connection that
 * has named its topic in a SUBSCRIBE, by text; what a round of ready sockets has caused is written once for each receiver. No wildcards, no sessions,
 * no order of packet identifiers, no bound on what waits: nothing to use. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 65536, CHUNK = 1 << 18, TOPICS = 65536 };
typedef struct { int fd, used, dirty, blocked; uint8_t *in; uint8_t *out; size_t begin, end, size; } Conn;
typedef struct Sub { Conn *conn; struct Sub *next; } Sub;
typedef struct Topic { char *name; int length; Sub *subs; struct Topic *next; } Topic;
static Conn *conns[MOST], *dirty[MOST];
static int dirty_count, poll_fd;
static Topic *topics[TOPICS];

static void fail(const char *what) { perror(what); exit(2); }

static void put(Conn *c, const uint8_t *bytes, size_t length) {
    if (c->end + length > c->size) {
        if (c->begin) { memmove(c->out, c->out + c->begin, c->end - c->begin); c->end -= c->begin; c->begin = 0; }
        while (c->end + length > c->size) c->size = c->size ? c->size * 2 : 4096;
        if (!(c->out = realloc(c->out, c->size))) fail("realloc");
    }
    memcpy(c->out + c->end, bytes, length);
    c->end += length;
    if (!c->dirty && !c->blocked) { c->dirty = 1; dirty[dirty_count++] = c; }
}

static void watch(Conn *c, int how) {
    struct epoll_event e = { .events = how, .data.ptr = c };
    epoll_ctl(poll_fd, EPOLL_CTL_MOD, c->fd, &e);
}

static void flush(Conn *c) {
    while (c->begin < c->end) {
        ssize_t n = send(c->fd, c->out + c->begin, c->end - c->begin, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno == EAGAIN) { c->blocked = 1; watch(c, EPOLLIN | EPOLLOUT); return; }
            break;
        }
        c->begin += n;
    }
    c->begin = c->end = 0;
    if (c->blocked) { c->blocked = 0; watch(c, EPOLLIN); }
}

static Topic *topic(const uint8_t *name, int length, int make) {
    uint32_t hash = 2166136261u;
    for (int i = 0; i < length; i++) hash = (hash ^ name[i]) * 16777619u;
    Topic **at = &topics[hash % TOPICS];
    for (Topic *t = *at; t; t = t->next) if (t->length == length && !memcmp(t->name, name, length)) return t;
    if (!make) return NULL;
    Topic *t = calloc(1, sizeof *t);
    t->name = malloc(length); memcpy(t->name, name, length); t->length = length; t->next = *at;
    return *at = t;
}

static void leave(Conn *c) {
    for (int i = 0; i < TOPICS; i++)
        for (Topic *t = topics[i]; t; t = t->next)
            for (Sub **s = &t->subs; *s;) if ((*s)->conn == c) { Sub *gone = *s; *s = gone->next; free(gone); } else s = &(*s)->next;
    close(c->fd);
    conns[c->fd] = NULL;
    for (int i = 0; i < dirty_count; i++) if (dirty[i] == c) dirty[i] = dirty[--dirty_count];
    free(c->in); free(c->out); free(c);
}

static void handle(Conn *c, const uint8_t *packet, const uint8_t *body, const uint8_t *end) {
    switch (packet[0] >> 4) {
    case 1: put(c, (const uint8_t[]){ 0x20, 2, 0, 0 }, 4); break;
    case 3: {
        int qos = packet[0] >> 1 & 3, length = body[0] << 8 | body[1];
        Topic *t = topic(body + 2, length, 0);
        for (Sub *s = t ? t->subs : NULL; s; s = s->next) put(s->conn, packet, end - packet);
        if (qos) put(c, (const uint8_t[]){ 0x40, 2, body[2 + length], body[3 + length] }, 4);
        break;
    }
    case 8: {
        Topic *t = topic(body + 4, body[2] << 8 | body[3], 1);
        Sub *s = malloc(sizeof *s); s->conn = c; s->next = t->subs; t->subs = s;
        put(c, (const uint8_t[]){ 0x90, 3, body[0], body[1], end[-1] }, 5);
        break;
    }
    case 12: put(c, (const uint8_t[]){ 0xD0, 0 }, 2); break;
    default: break;
    }
}

static int take(Conn *c) {
    ssize_t n = recv(c->fd, c->in + c->used, CHUNK - c->used, 0);
    if (n <= 0) return n < 0 && errno == EAGAIN;
    c->used += n;
    uint8_t *at = c->in, *stop = c->in + c->used;
    while (stop - at >= 2) {
        uint8_t *body = at + 1;
        long length = 0;
        int shift = 0, whole = 0;
        while (body < stop && shift < 28) { uint8_t digit = *body++; length |= (long)(digit & 127) << shift; shift += 7; if (digit < 128) { whole = 1; break; } }
        if (!whole || stop - body < length) break;
        handle(c, at, body, body + length);
        at = body + length;
    }
    c->used = stop - at;
    memmove(c->in, at, c->used);
    return 1;
}

int main(int argc, char **argv) {
    if (argc != 2) { fprintf(stderr, "relay PORT\n"); return 2; }
    int one = 1, door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(door, (struct sockaddr *)&address, sizeof address) || listen(door, 1024)) fail("listen");
    poll_fd = epoll_create1(0);
    struct epoll_event ready[512], e = { .events = EPOLLIN, .data.ptr = NULL };
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, door, &e);
    for (;;) {
        int count = epoll_wait(poll_fd, ready, 512, -1);
        for (int i = 0; i < count; i++) {
            Conn *c = ready[i].data.ptr;
            if (!c) {
                int fd = accept4(door, NULL, NULL, SOCK_NONBLOCK);
                if (fd < 0 || fd >= MOST) continue;
                setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                c = conns[fd] = calloc(1, sizeof *c);
                c->fd = fd;
                c->in = malloc(CHUNK);
                struct epoll_event more = { .events = EPOLLIN, .data.ptr = c };
                epoll_ctl(poll_fd, EPOLL_CTL_ADD, fd, &more);
                continue;
            }
            if (ready[i].events & EPOLLOUT) flush(c);
            if (ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR) && !take(c)) leave(c);
        }
        for (int i = 0; i < dirty_count; i++) { dirty[i]->dirty = 0; flush(dirty[i]); }
        dirty_count = 0;
    }
}
