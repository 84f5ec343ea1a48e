/** Ground floor beside the heart: clock, database, limits, health and configuration. */
package io.arrears.platform;
