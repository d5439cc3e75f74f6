package org.modalimmune.cuda.driver;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;
import jcuda.driver.JCudaDriver;

/** A piece of work that was captured from a stream and can be given to one as a whole. */
public final class Graph implements AutoCloseable {
  private final Device device;
  private final CUgraphExec executable = new CUgraphExec();

  Graph(Device device, CUgraph graph) {
    this.device = device;
    int status = JCudaDriver.cuGraphInstantiate(executable, graph, 0);
    // The executable graph is a copy.
    int destroyed = JCudaDriver.cuGraphDestroy(graph);
    DriverStatus.check("cuGraphInstantiate", status, device.description());
    DriverStatus.check("cuGraphDestroy", destroyed, device.description());
  }

  /** Gives the whole work to a stream. */
  public void launch(Stream stream) {
    device.makeCurrent();
    DriverStatus.check(
        "cuGraphLaunch",
        JCudaDriver.cuGraphLaunch(executable, stream.handle()),
        device.description());
  }

  /** Forgets the work; none of it may be running. */
  @Override
  public void close() {
    device.makeCurrent();
    DriverStatus.check(
        "cuGraphExecDestroy", JCudaDriver.cuGraphExecDestroy(executable), device.description());
  }
}
