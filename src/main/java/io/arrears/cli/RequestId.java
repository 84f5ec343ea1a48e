package io.arrears.cli;

import java.util.UUID;
import picocli.CommandLine.Option;

/** Lets a command be repeated by whoever does not know whether it arrived. */
final class RequestId {

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The request's own id: the same id again changes nothing. Default: a new one.")
  String id;

  String value() {
    return id == null ? UUID.randomUUID().toString() : id;
  }
}
