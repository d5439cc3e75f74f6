/** Rules about what the compiled code of a module may hold and depend on, and the tests of them. */
package org.modalimmune.architecture;
