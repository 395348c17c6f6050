/* Closed-loop load on an MQTT 3.1.1 broker, by one thread that costs little: it writes prepared messages and counts answers by their known length.
 *
 *   cc -O2 -o load load.c
 *   ./load port=1883 pid=PID mode=fanin|fanout|pairs qos=0|1 pubs=4 subs=1 batch=16 window=2000 ackwin=32 size=64 idle=0 warm=2 secs=4
 *
 * batch: messages of one write. window: messages that may be undelivered, over all publishers. ackwin: those of one publisher that may be
 * unacknowledged. idle: connections that subscribe to a topic of their own and then only wait. Prints messages in and out a second, the broker's
 * CPU time of one that goes out, in microseconds, its memory, and the share of one processor that this program took itself. */
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
#include <time.h>
#include <unistd.h>

enum { MOST = 4096, BUFFER = 1 << 18 };
typedef struct { int fd, publishes, used, blocked, begin, end, due; uint16_t id; uint8_t *in, *out; } Conn;
static Conn *conns[MOST];
static int qos, size = 64, batch = 1, window = 2000, port = 1883, length, id_at;
static long in, out;

static double seconds(clockid_t clock) { struct timespec t; clock_gettime(clock, &t); return t.tv_sec + t.tv_nsec / 1e9; }
static void fail(const char *what) { perror(what); exit(2); }

static double cpu_of(int pid) {
    char path[64]; unsigned long user = 0, kernel = 0;
    sprintf(path, "/proc/%d/stat", pid);
    FILE *f = pid ? fopen(path, "r") : NULL;
    if (!f) return 0;
    if (fscanf(f, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel) != 2) user = kernel = 0;
    fclose(f);
    return (double)(user + kernel) / sysconf(_SC_CLK_TCK);
}

static int resident_mb(int pid) {
    char path[64]; long pages = 0;
    sprintf(path, "/proc/%d/statm", pid);
    FILE *f = pid ? fopen(path, "r") : NULL;
    if (!f) return 0;
    if (fscanf(f, "%*d %ld", &pages) != 1) pages = 0;
    fclose(f);
    return (int)(pages * sysconf(_SC_PAGESIZE) >> 20);
}

static void answer(int fd, int bytes) {
    uint8_t b[8];
    for (int n = 0; n < bytes;) { ssize_t r = recv(fd, b, bytes - n, 0); if (r <= 0) fail("no answer"); n += r; }
}

static int open_one(const char *id, const char *subscribe) {
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1, n = strlen(id);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a)) fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    uint8_t p[64], head[] = { 0x10, (uint8_t)(12 + n), 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, (uint8_t)n };
    memcpy(p, head, 14); memcpy(p + 14, id, n);
    if (send(fd, p, 14 + n, 0) < 0) fail("send");
    answer(fd, 4);
    if (subscribe) {
        int t = strlen(subscribe);
        uint8_t s[] = { 0x82, (uint8_t)(5 + t), 0, 1, 0, (uint8_t)t };
        memcpy(p, s, 6); memcpy(p + 6, subscribe, t); p[6 + t] = qos;
        if (send(fd, p, 7 + t, 0) < 0) fail("send");
        answer(fd, 5);
    }
    return fd;
}

static Conn *open_conn(const char *id, const char *subscribe) {
    Conn *c = calloc(1, sizeof *c);
    c->fd = open_one(id, subscribe);
    c->in = malloc(BUFFER); c->out = malloc(BUFFER);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    return c;
}

/* Messages of a publisher, ready to go: only their identifiers change. */
static void prepare(Conn *c, const char *topic, int window_of_acks) {
    int t = strlen(topic), rest = 2 + t + (qos ? 2 : 0) + size;
    uint8_t one[8]; int n = 0;
    one[n++] = 0x30 | qos << 1;
    for (int left = rest; n < 6;) { one[n] = left & 127; left >>= 7; if (left) one[n++] |= 128; else { n++; break; } }
    length = n + rest; id_at = n + 2 + t;
    if (length * batch > BUFFER) { fprintf(stderr, "too large\n"); exit(2); }
    for (int i = 0; i < batch; i++) {
        uint8_t *p = c->out + i * length;
        memset(p, 'x', length); memcpy(p, one, n);
        p[n] = 0; p[n + 1] = t; memcpy(p + n + 2, topic, t);
    }
    c->publishes = 1; c->due = window_of_acks;
}

static void push(Conn *c) {
    while (c->begin < c->end) {
        ssize_t n = send(c->fd, c->out + c->begin, c->end - c->begin, MSG_NOSIGNAL);
        if (n < 0) { if (errno == EAGAIN) { c->blocked = 1; return; } fail("send"); }
        c->begin += n;
    }
    c->begin = c->end = c->blocked = 0;
}

/* Sends until the window, the acknowledgements or the socket stop it; in at most so many writes. */
static void publish(Conn *c, int fan, int writes) {
    while (writes-- && !c->blocked) {
        long free = window - (in - out / fan);
        int n = qos && c->due < batch ? c->due : batch;
        if (n > free) n = (int)free;
        if (n <= 0) return;
        for (int i = 0; qos && i < n; i++) {
            if (!++c->id) c->id = 1;
            c->out[i * length + id_at] = c->id >> 8; c->out[i * length + id_at + 1] = c->id & 255;
        }
        in += n; c->due -= n; c->begin = 0; c->end = n * length;
        push(c);
    }
}

/* What a subscriber gets is nothing but the messages that were sent, all of one length; what a publisher gets, acknowledgements. */
static void pull(Conn *c) {
    ssize_t n = recv(c->fd, c->in + c->used, BUFFER / 4, 0);
    if (n == 0) { fprintf(stderr, "closed by the broker\n"); exit(2); }
    if (n < 0) { if (errno == EAGAIN) return; fail("recv"); }
    c->used += n;
    int each = c->publishes ? 4 : length, whole = c->used / each, left = c->used % each;
    if (whole && (c->in[0] >> 4) != (c->publishes ? 4 : 3)) { fprintf(stderr, "unexpected packet %02x\n", c->in[0]); exit(2); }
    if (c->publishes) c->due += whole;
    else out += whole;
    if (!c->publishes && qos && whole) {
        uint8_t *p = c->out + c->end;
        for (int i = 0; i < whole; i++, p += 4) { p[0] = 0x40; p[1] = 2; p[2] = c->in[i * length + id_at]; p[3] = c->in[i * length + id_at + 1]; }
        c->end = p - c->out;
        push(c);
        if (c->end > BUFFER / 2) { memmove(c->out, c->out + c->begin, c->end - c->begin); c->end -= c->begin; c->begin = 0; }
    }
    memmove(c->in, c->in + whole * each, left); c->used = left;
}

int main(int argc, char **argv) {
    int pid = 0, pubs = 1, subs = 1, ackwin = 32, idle = 0, warm = 2, secs = 4; const char *mode = "fanin";
    for (int i = 1; i < argc; i++) {
        char *v = strchr(argv[i], '='); if (!v) continue; *v++ = 0;
        struct { const char *name; int *to; } names[] = { { "port", &port }, { "pid", &pid }, { "qos", &qos }, { "pubs", &pubs }, { "subs", &subs }, { "batch", &batch },
            { "window", &window }, { "ackwin", &ackwin }, { "size", &size }, { "idle", &idle }, { "warm", &warm }, { "secs", &secs } };
        int known = !strcmp(argv[i], "mode");
        if (known) mode = v;
        for (unsigned k = 0; k < sizeof names / sizeof *names; k++) if (!strcmp(argv[i], names[k].name)) { *names[k].to = atoi(v); known = 1; }
        if (!known) { fprintf(stderr, "no such option: %s\n", argv[i]); return 2; }
    }
    char id[32], topic[32]; int total = 0, each = !strcmp(mode, "pairs"), fan = 1;
    if (each) subs = pubs; else if (!strcmp(mode, "fanin")) subs = 1; else fan = subs;
    for (int i = 0; i < idle; i++) { sprintf(id, "idle%d-%d", getpid(), i); sprintf(topic, "idle/%d/x", i); open_one(id, topic); }
    for (int i = 0; i < subs; i++) { sprintf(id, "sub%d-%d", getpid(), i); sprintf(topic, "t/%04d", each ? i : 0) /* all of one length */; conns[total++] = open_conn(id, topic); }
    for (int i = 0; i < pubs; i++) { sprintf(id, "pub%d-%d", getpid(), i); sprintf(topic, "t/%04d", each ? i : 0) /* all of one length */; prepare(conns[total++] = open_conn(id, NULL), topic, ackwin); }
    int ep = epoll_create1(0); struct epoll_event e, got[256];
    for (int i = 0; i < total; i++) { e.events = EPOLLIN; e.data.ptr = conns[i]; epoll_ctl(ep, EPOLL_CTL_ADD, conns[i]->fd, &e); }
    double start = seconds(CLOCK_MONOTONIC), from = 0, cpu = 0, own = 0; long in_before = 0, out_before = 0;
    for (int turn = 0;; turn++) {
        double t = seconds(CLOCK_MONOTONIC);
        if (!from && t - start >= warm) { from = t; cpu = cpu_of(pid); own = seconds(CLOCK_PROCESS_CPUTIME_ID); in_before = in; out_before = out; }
        if (from && t - from >= secs) {
            cpu = cpu_of(pid) - cpu; own = seconds(CLOCK_PROCESS_CPUTIME_ID) - own; t -= from; out -= out_before; in -= in_before;
            printf("%s qos%d idle=%d in/s=%9.0f out/s=%9.0f cpu%%=%4.0f cpu_us/msg=%7.3f rssMB=%4d own%%=%.0f\n", mode, qos, idle, in / t, out / t, cpu / t * 100,
                   cpu * 1e6 / (out ? out : 1), resident_mb(pid), own / t * 100);
            return 0;
        }
        int waits = 1;
        for (int i = 0; i < pubs; i++) {
            Conn *c = conns[subs + (turn + i) % pubs];
            if (c->blocked) push(c);
            long before = in;
            publish(c, fan, 4);
            waits &= in == before;
        }
        int r = epoll_wait(ep, got, 256, waits ? 1 : 0);
        for (int i = 0; i < r; i++) pull(got[i].data.ptr);
    }
}
