/** The controller against golden vectors, and its gains on the reference and the fast backend. */
package org.modalimmune.controller;
