/** Native libraries behind the interface cblas, for the profile {@code peers}. */
package org.modalimmune.jmh.peer.blas;
