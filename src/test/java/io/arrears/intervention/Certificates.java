package io.arrears.intervention;

import io.arrears.intervention.DeactivationCertificate.ErasedCategory;
import io.arrears.intervention.DeactivationCertificate.ErasedService;
import java.time.Instant;
import java.util.List;

/** A certificate for tests, with its lists out of order and text that JSON must escape. */
public final class Certificates {

  private Certificates() {}

  public static DeactivationCertificate sample() {
    return new DeactivationCertificate(
        "T-1042",
        "a/1",
        "",
        "alice \"helpdesk\"",
        "CN=bob,O=Über",
        Instant.parse("2026-09-01T08:00:00Z"),
        Instant.parse("2026-09-01T09:30:00.5Z"),
        Instant.parse("2026-09-04T00:00:00.000001Z"),
        List.of(
            new ErasedService("vod", 3, List.of()),
            new ErasedService(
                "css",
                7,
                List.of(
                    new ErasedCategory("service-logs", Instant.parse("2026-09-04T00:00:00Z"), 8),
                    new ErasedCategory(
                        "configurations", Instant.parse("2026-09-03T21:15:01.25Z"), 7)))));
  }
}
