/** The compute backend for NVIDIA graphics cards. */
module org.modalimmune.cuda {
  requires jcublas;
  requires jcuda;
  requires jcusolver;
  requires transitive org.modalimmune.api;

  exports org.modalimmune.cuda;
  exports org.modalimmune.cuda.error;

  provides org.modalimmune.backend.BackendProvider with
      org.modalimmune.cuda.CudaProvider;
}
