/**
 * The CUDA driver: contexts, memory, streams, events, modules, launches and graphs. The only
 * package that touches JCuda's driver API; every call is checked.
 */
package org.modalimmune.cuda.driver;
