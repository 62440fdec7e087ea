/*
 * The floor: an event-driven backtest of an SMA crossover in C, as little as such a program can do. A strategy behind a
 * function pointer is asked on every candle, orders wait in an array, an open position is held against a stop and a
 * target, fills pay a fee, equity is kept per candle.
 * Reads six float64 columns (time, open, high, low, close, volume) from a file; prints ns per candle of each repetition
 * (CPU time), then trades, final equity and the ns per candle of summing all six columns, which memory limits.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct { int side; double quantity; int is_open; } Order;

typedef struct {
  const double *open, *high, *low, *close;
  double *equity;
  long index, rows;
  double cash, held, stop, target;
  Order orders[16];
  int order_count;
  long fills;
} Run;

typedef struct { int fast, slow; double fast_sum, slow_sum, before; int has_before; } Crossover;

static void place(Run *run, int side, double quantity) {
  run->orders[run->order_count].side = side;
  run->orders[run->order_count].quantity = quantity;
  run->orders[run->order_count].is_open = 1;
  run->order_count++;
}

static void on_candle(Run *run, void *state) {
  Crossover *own = state;
  const double *close = run->close;
  long i = run->index;
  own->fast_sum += close[i];
  own->slow_sum += close[i];
  if (i >= own->fast) own->fast_sum -= close[i - own->fast];
  if (i >= own->slow) own->slow_sum -= close[i - own->slow];
  if (i < own->slow - 1) return;
  double now = own->fast_sum / own->fast - own->slow_sum / own->slow;
  if (own->has_before) {
    if (now > 0 && own->before <= 0 && run->held == 0) place(run, 1, 1);
    else if (now < 0 && own->before >= 0 && run->held > 0) place(run, -1, 1);
  }
  own->before = now;
  own->has_before = 1;
}

static void play(Run *run, void (*strategy)(Run *, void *), void *state, double fee) {
  for (long i = 0; i < run->rows; i++) {
    run->index = i;
    for (int k = 0; k < run->order_count; k++) {
      Order *order = &run->orders[k];
      if (!order->is_open) continue;
      double change = order->side * order->quantity;
      run->cash -= change * run->open[i] + order->quantity * run->open[i] * fee;
      run->held += change;
      order->is_open = 0;
      run->fills++;
    }
    run->order_count = 0;
    if (run->held != 0 && (run->low[i] <= run->stop || run->high[i] >= run->target)) {
      double price = run->low[i] <= run->stop ? run->stop : run->target;
      run->cash += run->held * price * (1 - fee);
      run->held = 0;
      run->fills++;
    }
    strategy(run, state);
    run->equity[i] = run->cash + run->held * run->close[i];
  }
}

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static double sum_of(const double *values, long count) {
  double sums[8] = {0};
  for (long i = 0; i + 8 <= count; i += 8)
    for (int k = 0; k < 8; k++) sums[k] += values[i + k];
  double sum = 0;
  for (int k = 0; k < 8; k++) sum += sums[k];
  return sum;
}

int main(int count, char **given) {
  if (count != 4) return 2;
  long rows = atol(given[2]);
  int repetitions = atoi(given[3]);
  double *columns = malloc(sizeof(double) * rows * 6);
  double *equity = malloc(sizeof(double) * rows);
  FILE *file = fopen(given[1], "rb");
  if (!columns || !equity || !file || fread(columns, sizeof(double), rows * 6, file) != (size_t)(rows * 6)) return 1;
  fclose(file);
  Run run;
  for (int r = 0; r < repetitions; r++) {
    run = (Run){.open = columns + rows, .high = columns + 2 * rows, .low = columns + 3 * rows, .close = columns + 4 * rows, .equity = equity, .rows = rows, .cash = 1e6, .stop = 0, .target = 1e300};
    Crossover own = {.fast = 50, .slow = 200};
    void (*volatile strategy)(Run *, void *) = on_candle;
    double from = cpu_seconds();
    play(&run, strategy, &own, 0.001);
    printf("%.3f\n", (cpu_seconds() - from) / rows * 1e9);
  }
  double fastest = 1e300;
  volatile double sum = 0;
  for (int r = 0; r < repetitions; r++) {
    double from = cpu_seconds();
    sum += sum_of(columns, rows * 6);
    double taken = (cpu_seconds() - from) / rows * 1e9;
    if (taken < fastest) fastest = taken;
  }
  printf("fills %ld equity %.6f reading %.3f\n", run.fills, equity[rows - 1], fastest);
  return 0;
}
