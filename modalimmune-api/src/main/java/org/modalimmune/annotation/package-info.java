/** Annotations that the build reads; none has an effect at run time. */
package org.modalimmune.annotation;
