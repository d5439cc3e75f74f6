/**
 * Tensors, automatic differentiation, layers, the four robustness operators, training, evaluation
 * and the interface that compute backends implement. It depends on the JDK alone.
 */
module org.modalimmune.api {
  exports org.modalimmune.annotation;
  exports org.modalimmune.autodiff;
  exports org.modalimmune.backend;
  exports org.modalimmune.backend.kernel;
  exports org.modalimmune.collapse;
  exports org.modalimmune.controller;
  exports org.modalimmune.data;
  exports org.modalimmune.evaluate;
  exports org.modalimmune.hypergradient;
  exports org.modalimmune.io;
  exports org.modalimmune.masking;
  exports org.modalimmune.nn;
  exports org.modalimmune.optim;
  exports org.modalimmune.random;
  exports org.modalimmune.tensor;
  exports org.modalimmune.train;

  uses org.modalimmune.backend.BackendProvider;
}
