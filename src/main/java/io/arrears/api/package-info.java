/** The gRPC services: they check, map and answer; what happens is decided below. */
package io.arrears.api;
