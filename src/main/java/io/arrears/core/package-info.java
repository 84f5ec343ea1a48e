/**
 * The pure heart: what the money, the calendar and the policies say, and nothing else. It knows the
 * JDK only; no clock, no database, no framework. Everything here can be called from the payment
 * path, a sweep over a million accounts, a simulation or an explanation alike.
 */
@NullMarked
package io.arrears.core;

import org.jspecify.annotations.NullMarked;
