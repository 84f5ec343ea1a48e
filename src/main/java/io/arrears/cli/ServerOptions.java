package io.arrears.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which service a command talks to, and as whom. */
final class ServerOptions {

  private static final int MAX_PORT = 65_535;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:ARREARS_SERVER:-127.0.0.1:${env:ARREARS_GRPC_PORT:-9000}}",
      description = "The service; ARREARS_SERVER sets it too. Default: ${DEFAULT-VALUE}")
  String server;

  @Option(
      names = "--actor",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who you are, for the records. Default: ${DEFAULT-VALUE}")
  String actor;

  @Option(names = "--tls", description = "Encrypts; the server's certificate must be trusted here.")
  boolean tls;

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "${env:ARREARS_TOKEN}",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "A bearer token that proves who you are; better given as ARREARS_TOKEN.")
  String token;

  Connection connect() {
    int colon = server.lastIndexOf(':');
    String host = colon < 0 ? server : server.substring(0, colon);
    int port = colon < 0 ? 9000 : port(server.substring(colon + 1));
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return Connection.to(host, port, tls, actor, token);
  }

  private int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= MAX_PORT) {
        return port;
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message for both.
    }
    throw new ParameterException(
        command.commandLine(), "--server must be HOST:PORT, not '" + server + "'");
  }
}
