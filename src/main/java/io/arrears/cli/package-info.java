/** The {@code arrears} command: it starts the service, or talks to one over gRPC. */
package io.arrears.cli;
