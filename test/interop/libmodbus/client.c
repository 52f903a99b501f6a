/*
 * A Modbus TCP client made of libmodbus and nothing of ours, for the tests of the server that only reads.
 *
 *   client HOST PORT UNIT
 *
 * It speaks one line per command on standard input and answers each with one line on standard output:
 *
 *   read TABLE ADDRESS COUNT       coil, discrete-input, input-register, holding-register       -> words N N ...
 *   get TYPE TABLE ADDRESS         float32, float64, int32, uint32, int64 or uint64, words in order  -> value N
 *   write coil|register|coils|registers ADDRESS VALUE                                           -> ok
 *
 * What the server refuses is answered with `error` and libmodbus's words for it. It ends with the end of its input.
 */
#include <errno.h>
#include <inttypes.h>
#include <modbus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES_MAX = 2000, LINE_BYTES_MAX = 256 };

static modbus_t *context;
static uint16_t registers[ENTRIES_MAX];
static uint8_t bits[ENTRIES_MAX];

static int is_bits(const char *table) {
  return strcmp(table, "coil") == 0 || strcmp(table, "discrete-input") == 0;
}

static int read_table(const char *table, int address, int count) {
  if (count > ENTRIES_MAX) return -1;
  if (strcmp(table, "coil") == 0) return modbus_read_bits(context, address, count, bits);
  if (strcmp(table, "discrete-input") == 0) return modbus_read_input_bits(context, address, count, bits);
  if (strcmp(table, "input-register") == 0) return modbus_read_input_registers(context, address, count, registers);
  return modbus_read_registers(context, address, count, registers);
}

static void say_error(void) { printf("error %s\n", modbus_strerror(errno)); }

static void read_words(const char *table, int address, int count) {
  if (read_table(table, address, count) < 0) {
    say_error();
    return;
  }
  printf("words");
  for (int i = 0; i < count; i++) printf(" %u", is_bits(table) ? bits[i] : registers[i]);
  printf("\n");
}

static void get_wide(const char *type, const char *table, int address) {
  int words = strstr(type, "64") == NULL ? 2 : 4;
  if (read_table(table, address, words) < 0) {
    say_error();
    return;
  }
  uint64_t value = 0;
  for (int i = 0; i < words; i++) value = value << 16 | registers[i];
  if (strcmp(type, "float32") == 0) {
    uint32_t half = (uint32_t)value;
    float single;
    memcpy(&single, &half, sizeof single);
    printf("value %.9g\n", single);
  } else if (strcmp(type, "float64") == 0) {
    double wide;
    memcpy(&wide, &value, sizeof wide);
    printf("value %.17g\n", wide);
  } else if (strcmp(type, "int32") == 0) {
    printf("value %" PRId32 "\n", (int32_t)value);
  } else if (strcmp(type, "int64") == 0) {
    printf("value %" PRId64 "\n", (int64_t)value);
  } else {
    printf("value %" PRIu64 "\n", value);
  }
}

static void write_one(const char *what, int address, int value) {
  uint16_t word = (uint16_t)value;
  uint8_t bit = (uint8_t)value;
  int done = strcmp(what, "coil") == 0      ? modbus_write_bit(context, address, value)
             : strcmp(what, "coils") == 0   ? modbus_write_bits(context, address, 1, &bit)
             : strcmp(what, "register") == 0 ? modbus_write_register(context, address, word)
                                             : modbus_write_registers(context, address, 1, &word);
  if (done < 0) {
    say_error();
  } else {
    printf("ok\n");
  }
}

int main(int argc, char **argv) {
  char line[LINE_BYTES_MAX];
  if (argc != 4) return 2;
  setvbuf(stdout, NULL, _IOLBF, 0);
  context = modbus_new_tcp(argv[1], atoi(argv[2]));
  if (context == NULL || modbus_set_slave(context, atoi(argv[3])) < 0 || modbus_connect(context) < 0) {
    fprintf(stderr, "libmodbus client: %s\n", modbus_strerror(errno));
    return 1;
  }
  printf("ready\n");
  while (fgets(line, sizeof line, stdin) != NULL) {
    char first[32], second[32];
    int address, count;
    if (sscanf(line, "read %31s %d %d", first, &address, &count) == 3) {
      read_words(first, address, count);
    } else if (sscanf(line, "get %31s %31s %d", first, second, &address) == 3) {
      get_wide(first, second, address);
    } else if (sscanf(line, "write %31s %d %d", first, &address, &count) == 3) {
      write_one(first, address, count);
    } else {
      printf("error no such command\n");
    }
  }
  modbus_close(context);
  modbus_free(context);
  return 0;
}
