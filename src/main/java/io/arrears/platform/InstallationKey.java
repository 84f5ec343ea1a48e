package io.arrears.platform;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** A key that all replicas of an installation share; it seals page tokens. */
@ApplicationScoped
public class InstallationKey {

  private final InstallationSql sql;
  private volatile byte[] bytes = new byte[0];

  InstallationKey(InstallationSql sql) {
    this.sql = sql;
  }

  void load(@Observes StartupEvent started) {
    bytes = sql.pageTokenKey();
  }

  public byte[] bytes() {
    return bytes.clone();
  }
}
