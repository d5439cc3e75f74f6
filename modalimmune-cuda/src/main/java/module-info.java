/** The compute backend for NVIDIA graphics cards. */
module org.modalimmune.cuda {
  requires jcublas;
  requires jcuda;
  requires jcusolver;
  requires transitive org.modalimmune.api;
}
