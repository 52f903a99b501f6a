/*
 * The yardstick of `uplink-rate`: libmosquitto publishes messages of one size at QoS 0, every so many a mark at QoS 1,
 * over TLS 1.3 with a client certificate, until the last mark is acknowledged.
 *
 * publisher PORT ANCHORS CERTIFICATE KEY ID DATA_TOPIC MARK_TOPIC MESSAGES BYTES MARK_EVERY MARK_BYTES
 *
 * Says `ready` once connected, waits for a line on standard input, and prints the seconds it took.
 */
#include <mosquitto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* marks on the way at once, as the gateway has it */
#define MARKS_IN_FLIGHT_MAX 8
#define LOOP_MS 1000

static int connected;
static long acknowledged;

static void on_connect(struct mosquitto *client, void *context, int code) {
  (void)client;
  (void)context;
  if (code != 0) {
    fprintf(stderr, "refused: %s\n", mosquitto_connack_string(code));
    exit(1);
  }
  connected = 1;
}

/* called for QoS 0, too, once the packet is written: those have other numbers than the marks */
static void on_publish(struct mosquitto *client, void *context, int number) {
  (void)client;
  if (((char *)context)[number & 0xffff]) {
    ((char *)context)[number & 0xffff] = 0;
    acknowledged++;
  }
}

static void must(int code, const char *what) {
  if (code == MOSQ_ERR_SUCCESS) return;
  fprintf(stderr, "%s: %s\n", what, mosquitto_strerror(code));
  exit(1);
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int count, char **words) {
  if (count != 12) {
    fprintf(stderr, "publisher PORT ANCHORS CERTIFICATE KEY ID DATA_TOPIC MARK_TOPIC MESSAGES BYTES MARK_EVERY MARK_BYTES\n");
    return 2;
  }
  const char *data_topic = words[6];
  const char *mark_topic = words[7];
  long messages = atol(words[8]);
  int bytes = atoi(words[9]);
  long mark_every = atol(words[10]);
  int mark_bytes = atoi(words[11]);
  char *payload = malloc((size_t)(bytes > mark_bytes ? bytes : mark_bytes));
  /* which message numbers are marks */
  char *marks = calloc(65536, 1);
  if (payload == NULL || marks == NULL) return 1;
  memset(payload, 'x', (size_t)(bytes > mark_bytes ? bytes : mark_bytes));

  must(mosquitto_lib_init(), "init");
  struct mosquitto *client = mosquitto_new(words[5], true, marks);
  if (client == NULL) return 1;
  must(mosquitto_tls_set(client, words[2], NULL, words[3], words[4], NULL), "tls");
  must(mosquitto_tls_opts_set(client, 1, "tlsv1.3", NULL), "tls 1.3");
  mosquitto_connect_callback_set(client, on_connect);
  mosquitto_publish_callback_set(client, on_publish);
  must(mosquitto_connect(client, "127.0.0.1", atoi(words[1]), 60), "connect");
  while (!connected) must(mosquitto_loop(client, LOOP_MS, 1), "loop");
  printf("ready\n");
  fflush(stdout);
  if (getchar() == EOF) return 1;

  double start = seconds();
  long marked = 0;
  for (long sent = 1; sent <= messages; sent++) {
    must(mosquitto_publish(client, NULL, data_topic, bytes, payload, 0, false), "publish");
    if (sent % mark_every == 0 || sent == messages) {
      int number;
      must(mosquitto_publish(client, &number, mark_topic, mark_bytes, payload, 1, false), "mark");
      marks[number & 0xffff] = 1;
      marked++;
      /* what has come is taken; waiting begins where too many marks are out, or at the end */
      must(mosquitto_loop(client, 0, 100), "loop");
    }
    while (marked - acknowledged >= MARKS_IN_FLIGHT_MAX || (sent == messages && marked > acknowledged)) {
      must(mosquitto_loop(client, LOOP_MS, 100), "loop");
    }
  }
  printf("seconds %.6f\n", seconds() - start);
  mosquitto_disconnect(client);
  mosquitto_destroy(client);
  mosquitto_lib_cleanup();
  free(marks);
  free(payload);
  return 0;
}
