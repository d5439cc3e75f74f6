/** Libraries that matrix products are measured against. */
package org.modalimmune.jmh.peer;
