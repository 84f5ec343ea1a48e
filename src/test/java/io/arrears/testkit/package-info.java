/** What tests stand on: a real PostgreSQL, a real gRPC client, a clock that moves when told to. */
package io.arrears.testkit;
