/** What callers of the backend may catch beside the exceptions of the API. */
package org.modalimmune.cuda.error;
