/**
 * The conformance kit: what every backend must do, as abstract classes with one method to fill in.
 * A backend's module extends each {@code ...Contract} and returns its backend from {@link
 * org.modalimmune.conformance.Contract#open}.
 *
 * <p>The expected values come from plain Java in double-double arithmetic, never from a backend;
 * the bounds are those of {@code spec/tolerances.md}, coded in {@link
 * org.modalimmune.conformance.Tolerances}. A failing case prints jqwik's seed and the tensor's
 * shape, strides and type, with the first element that is wrong.
 */
package org.modalimmune.conformance;
