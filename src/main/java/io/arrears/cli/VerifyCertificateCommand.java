package io.arrears.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks a certificate of a deactivation, and says what is in it. */
@Command(
    name = "verify-certificate",
    mixinStandardHelpOptions = true,
    description = {
      "Checks the certificate of a deactivation, and shows what it says.",
      "Exit code 1 means that it is forged, changed, or signed with a key that is not trusted here."
    })
final class VerifyCertificateCommand implements Callable<Integer> {

  static final String DEFAULT_KEYS_URL =
      "${env:ARREARS_KEYS_URL:-http://127.0.0.1:${env:ARREARS_HTTP_PORT:-8080}"
          + "/.well-known/jwks.json}";

  private static final String KEYS_URL = "--keys-url";

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The certificate, as the service gave it.")
  Path file;

  @Option(
      names = "--key",
      paramLabel = "FILE",
      description =
          "The public keys to trust, PEM or a JWK set, instead of asking for them; may be repeated.")
  List<Path> keyFiles;

  @Option(
      names = KEYS_URL,
      paramLabel = "URL",
      defaultValue = DEFAULT_KEYS_URL,
      description =
          "Where the service publishes its keys; ARREARS_KEYS_URL sets it too."
              + " Default: ${DEFAULT-VALUE}")
  String keysUrl;

  @Override
  public Integer call() throws IOException {
    if (keyFiles != null && spec.commandLine().getParseResult().hasMatchedOption(KEYS_URL)) {
      throw new ParameterException(
          spec.commandLine(),
          "--key and --keys-url exclude each other: which keys are to be trusted?");
    }
    SignedCertificate certificate = SignedCertificate.parse(read());
    TrustedKeys keys = keyFiles == null ? ask() : TrustedKeys.ofFiles(keyFiles);
    CertificateText says = certificate.verify(keys);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("valid, signed with key %s of %s%n%n", certificate.keyId(), keys.source());
    says.print(out);
    out.flush();
    return ArrearsCommand.DONE;
  }

  /**
   * One byte more than a certificate may have, if there is so much, and never all of a huge one.
   */
  private byte[] read() throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(SignedCertificate.MAX_BYTES + 1);
    }
  }

  private TrustedKeys ask() throws IOException {
    URI url = url();
    if (url.getScheme().equals("http") && !loopback(url.getHost())) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "arrears: note that keys over plain http can be anybody's between here and "
              + url.getHost());
      err.flush();
    }
    return TrustedKeys.ofUrl(url);
  }

  private URI url() {
    try {
      URI url = URI.create(keysUrl);
      if (("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
          && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // Falls through to the one message for both.
    }
    throw new ParameterException(
        spec.commandLine(), "--keys-url must be an http or https URL, not '" + keysUrl + "'");
  }

  private static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // The request says it better.
      return true;
    }
  }
}
