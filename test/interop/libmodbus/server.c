/*
 * A Modbus server made of libmodbus and nothing of ours, for the tests that want a stranger on the line.
 *
 *   server rtu DEVICE BAUD PARITY STOP_BITS UNIT
 *   server tcp PORT
 *
 * It speaks one line per command on standard input and answers each with one line on standard output:
 *
 *   set TABLE ADDRESS VALUE        coil, discrete-input, input-register, holding-register        -> ok
 *   get TABLE ADDRESS                                                                            -> value N
 *   put TYPE ORDER TABLE ADDRESS VALUE                                                          -> ok
 *       TYPE float32, float64, int32, uint32, int64 or uint64
 *       ORDER abcd, cdab (words swapped), badc (bytes swapped) or dcba (both)
 *   count FUNCTION                 requests of that function code answered so far                -> value N
 *
 * It ends with the end of its input, so that it never outlives the test.
 */
#include <errno.h>
#include <inttypes.h>
#include <modbus.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ENTRIES = 1000, CONNECTIONS_MAX = 8, LINE_BYTES_MAX = 256, FUNCTIONS = 256 };

static modbus_t *context;
static modbus_mapping_t *mapping;
static unsigned long served[FUNCTIONS];
static int is_tcp;

static void fail(const char *what) {
  fprintf(stderr, "libmodbus server: %s: %s\n", what, modbus_strerror(errno));
  exit(1);
}

static uint16_t *registers_of(const char *table) {
  if (strcmp(table, "input-register") == 0) return mapping->tab_input_registers;
  if (strcmp(table, "holding-register") == 0) return mapping->tab_registers;
  return NULL;
}

static uint8_t *bits_of(const char *table) {
  if (strcmp(table, "coil") == 0) return mapping->tab_bits;
  if (strcmp(table, "discrete-input") == 0) return mapping->tab_input_bits;
  return NULL;
}

/*
 * A wide value as 16-bit words. Not by modbus_set_float_abcd and its kin: on little-endian machines libmodbus before
 * 3.1.8 swaps the bytes it says it leaves alone.
 */
static int put(const char *type, const char *order, uint16_t *to, const char *text) {
  uint64_t bits = 0;
  unsigned words = 2;
  if (strcmp(type, "float32") == 0) {
    float value = strtof(text, NULL);
    uint32_t half;
    memcpy(&half, &value, sizeof half);
    bits = half;
  } else if (strcmp(type, "float64") == 0) {
    double value = strtod(text, NULL);
    memcpy(&bits, &value, sizeof bits);
    words = 4;
  } else if (strcmp(type, "int32") == 0 || strcmp(type, "uint32") == 0) {
    bits = (uint32_t)strtoll(text, NULL, 10);
  } else if (strcmp(type, "int64") == 0) {
    bits = (uint64_t)strtoll(text, NULL, 10);
    words = 4;
  } else if (strcmp(type, "uint64") == 0) {
    bits = strtoull(text, NULL, 10);
    words = 4;
  } else return 0;
  int words_swapped = strcmp(order, "cdab") == 0 || strcmp(order, "dcba") == 0;
  int bytes_swapped = strcmp(order, "badc") == 0 || strcmp(order, "dcba") == 0;
  for (unsigned i = 0; i < words; i++) {
    uint16_t word = (uint16_t)(bits >> (16 * (words_swapped ? i : words - 1 - i)));
    to[i] = bytes_swapped ? (uint16_t)(word << 8 | word >> 8) : word;
  }
  return 1;
}

static int obey(const char *line) {
  char table[32], type[8], order[8], text[32];
  unsigned address, function;
  int64_t value;
  if (sscanf(line, "set %31s %u %" SCNi64, table, &address, &value) == 3 && address < ENTRIES) {
    if (bits_of(table) != NULL) bits_of(table)[address] = value != 0;
    else if (registers_of(table) != NULL) registers_of(table)[address] = (uint16_t)value;
    else return 0;
    puts("ok");
    return 1;
  }
  if (sscanf(line, "get %31s %u", table, &address) == 2 && address < ENTRIES) {
    if (bits_of(table) != NULL) printf("value %d\n", bits_of(table)[address]);
    else if (registers_of(table) != NULL) printf("value %d\n", registers_of(table)[address]);
    else return 0;
    return 1;
  }
  if (sscanf(line, "put %7s %7s %31s %u %31s", type, order, table, &address, text) == 5 && address + 4 <= ENTRIES) {
    if (registers_of(table) == NULL || !put(type, order, registers_of(table) + address, text)) return 0;
    puts("ok");
    return 1;
  }
  if (sscanf(line, "count %u", &function) == 1 && function < FUNCTIONS) {
    printf("value %lu\n", served[function]);
    return 1;
  }
  return 0;
}

/* Standard input is read by hand: what stdio had buffered would be invisible to poll. */
static int obey_input(void) {
  static char line[LINE_BYTES_MAX];
  static size_t length;
  char byte;
  ssize_t got = read(STDIN_FILENO, &byte, 1);
  if (got <= 0) return 0;
  if (byte != '\n') {
    if (length + 1 < sizeof line) line[length++] = byte;
    return 1;
  }
  line[length] = '\0';
  length = 0;
  if (!obey(line)) printf("error %s\n", line);
  return 1;
}

/* One request of the connection or line, answered. False where the peer is gone. */
static int serve(int socket) {
  uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
  if (is_tcp) modbus_set_socket(context, socket);
  int length = modbus_receive(context, request);
  if (length < 0) return !is_tcp;
  if (length == 0) return 1; /* for another unit */
  served[request[modbus_get_header_length(context)]]++;
  modbus_reply(context, request, length, mapping);
  return 1;
}

static void run(int door) {
  struct pollfd watched[2 + CONNECTIONS_MAX] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = door, .events = POLLIN}};
  nfds_t count = 2;
  puts("ready");
  while (poll(watched, count, -1) >= 0) {
    if (watched[0].revents != 0 && !obey_input()) return;
    for (nfds_t i = 2; i < count; i++) {
      if (watched[i].revents == 0 || serve(watched[i].fd)) continue;
      close(watched[i].fd);
      watched[i--] = watched[--count];
    }
    if (watched[1].revents == 0) continue;
    if (!is_tcp) {
      if (watched[1].revents & (POLLHUP | POLLERR)) return;
      serve(door);
    } else if (count < 2 + CONNECTIONS_MAX) {
      int socket = modbus_tcp_accept(context, &door);
      if (socket >= 0) watched[count++] = (struct pollfd){.fd = socket, .events = POLLIN};
    }
  }
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  mapping = modbus_mapping_new(ENTRIES, ENTRIES, ENTRIES, ENTRIES);
  if (mapping == NULL) fail("mapping");
  if (argc == 7 && strcmp(argv[1], "rtu") == 0) {
    context = modbus_new_rtu(argv[2], atoi(argv[3]), argv[4][0], 8, atoi(argv[5]));
    if (context == NULL || modbus_set_slave(context, atoi(argv[6])) < 0) fail("arguments");
    if (modbus_connect(context) < 0) fail(argv[2]);
    run(modbus_get_socket(context));
  } else if (argc == 3 && strcmp(argv[1], "tcp") == 0) {
    is_tcp = 1;
    context = modbus_new_tcp("127.0.0.1", atoi(argv[2]));
    if (context == NULL) fail("arguments");
    int door = modbus_tcp_listen(context, CONNECTIONS_MAX);
    if (door < 0) fail("listen");
    run(door);
  } else {
    fputs("usage: server rtu DEVICE BAUD PARITY STOP_BITS UNIT | server tcp PORT\n", stderr);
    return 2;
  }
  return 0;
}
