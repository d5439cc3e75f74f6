/**
 * Choice of what is collapsed: distributions over presence patterns (arms), fixed or adapted to the
 * loss each pattern still has. Works on plain arrays.
 */
package org.modalimmune.controller;
