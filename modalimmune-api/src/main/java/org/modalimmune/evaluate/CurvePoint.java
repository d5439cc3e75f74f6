package org.modalimmune.evaluate;

import java.util.OptionalDouble;

/**
 * One epoch of a training curve, averaged over the seeds that reached it.
 *
 * @param epoch counted from 1
 * @param seeds number of seeds averaged
 * @param trainLoss mean training loss
 * @param validationCrossEntropy mean validation cross-entropy over all patterns, nats; empty where
 *     no seed measured it
 */
public record CurvePoint(
    int epoch, int seeds, double trainLoss, OptionalDouble validationCrossEntropy) {}
