/* One step of gradient descent with momentum on a network of one hidden layer (ReLU, softmax, cross-entropy).

   benchmarks/race_others.py compiles it and hands it OpenBLAS's cblas_sgemm. Arrays are rows one after the other;
   values, velocities and gradients each hold weights (inputs, hidden), biases, weights (hidden, outputs), biases. */

#include <math.h>
#include <stdint.h>
#include <string.h>

typedef BLAS_INTEGER size;
typedef void (*product)(int order, int transpose_a, int transpose_b, size rows, size columns, size inner, float alpha,
                        const float *a, size stride_a, const float *b, size stride_b, float beta, float *c,
                        size stride_c);
enum { ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112 };

static void fill_rows(float *rows, const float *row, long count, long width) {
    for (long i = 0; i < count; i++) memcpy(rows + i * width, row, width * sizeof(float));
}

static void sum_rows(float *sums, const float *rows, long count, long width) {
    memset(sums, 0, width * sizeof(float));
    for (long i = 0; i < count; i++)
        for (long j = 0; j < width; j++) sums[j] += rows[i * width + j];
}

/* Turn logits into (softmax - target) / count. */
static void output_deltas(float *logits, const int64_t *labels, const int64_t *rows, long count, long outputs) {
    for (long i = 0; i < count; i++, logits += outputs) {
        float highest = logits[0], sum = 0;
        for (long j = 1; j < outputs; j++) highest = fmaxf(highest, logits[j]);
        for (long j = 0; j < outputs; j++) sum += logits[j] = expf(logits[j] - highest);
        for (long j = 0; j < outputs; j++) logits[j] /= sum * count;
        logits[labels[rows[i]]] -= 1.0f / count;
    }
}

/* room: gradients, then count images, activations, hidden deltas and output deltas. */
void learn_batch(product multiply, const float *images, const int64_t *labels, const int64_t *rows, float *values,
                 float *velocities, float *room, long count, long inputs, long hidden, long outputs, float rate,
                 float momentum) {
    long first = inputs * hidden, second = first + hidden, last = second + hidden * outputs, all = last + outputs;
    float *gradients = room, *batch = room + all, *activations = batch + count * inputs;
    float *deltas = activations + count * hidden, *errors = deltas + count * hidden;

    for (long i = 0; i < count; i++) memcpy(batch + i * inputs, images + rows[i] * inputs, inputs * sizeof(float));
    fill_rows(activations, values + first, count, hidden);
    multiply(ROW_MAJOR, PLAIN, PLAIN, count, hidden, inputs, 1, batch, inputs, values, hidden, 1, activations, hidden);
    for (long i = 0; i < count * hidden; i++) activations[i] = activations[i] > 0 ? activations[i] : 0;
    fill_rows(errors, values + last, count, outputs);
    multiply(ROW_MAJOR, PLAIN, PLAIN, count, outputs, hidden, 1, activations, hidden, values + second, outputs, 1,
             errors, outputs);

    output_deltas(errors, labels, rows, count, outputs);
    multiply(ROW_MAJOR, PLAIN, TRANSPOSED, count, hidden, outputs, 1, errors, outputs, values + second, outputs, 0,
             deltas, hidden);
    for (long i = 0; i < count * hidden; i++) deltas[i] = activations[i] > 0 ? deltas[i] : 0;
    multiply(ROW_MAJOR, TRANSPOSED, PLAIN, inputs, hidden, count, 1, batch, inputs, deltas, hidden, 0, gradients,
             hidden);
    multiply(ROW_MAJOR, TRANSPOSED, PLAIN, hidden, outputs, count, 1, activations, hidden, errors, outputs, 0,
             gradients + second, outputs);
    sum_rows(gradients + first, deltas, count, hidden);
    sum_rows(gradients + last, errors, count, outputs);

    for (long i = 0; i < all; i++) {
        velocities[i] = momentum * velocities[i] - rate * gradients[i];
        values[i] += velocities[i];
    }
}
