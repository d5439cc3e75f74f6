/** Two compute backends for the CPU: the reference one and the vectorised one. */
module org.modalimmune.cpu {
  requires ejml.core;
  requires ejml.ddense;
  requires jdk.incubator.vector;
  requires jdk.management;
  requires transitive org.modalimmune.api;

  exports org.modalimmune.cpu;
  exports org.modalimmune.cpu.memory;

  provides org.modalimmune.backend.BackendProvider with
      org.modalimmune.cpu.CpuProvider,
      org.modalimmune.cpu.ReferenceProvider;
}
