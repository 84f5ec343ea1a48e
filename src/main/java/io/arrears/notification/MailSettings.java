package io.arrears.notification;

import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;

/** Whether there is a mail server: without one nobody is written a mail that nobody could send. */
@ApplicationScoped
class MailSettings {

  private final boolean configured;

  MailSettings(Config config) {
    ConfigValue host = config.unwrap(SmallRyeConfig.class).getConfigValue("quarkus.mailer.host");
    // What is a default only comes from a source below all that somebody has written.
    this.configured = host.getValue() != null && host.getSourceOrdinal() > 0;
  }

  boolean configured() {
    return configured;
  }
}
