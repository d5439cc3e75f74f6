/** The operators from code that has nothing else of the library. */
package org.modalimmune.standalone;
