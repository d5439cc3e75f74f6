/** Tests of the random numbers. */
package org.modalimmune.random;
