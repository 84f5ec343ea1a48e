package io.arrears.api;

import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.arrears.platform.SigningKey;
import io.arrears.testkit.OverGrpc;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.net.URL;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(OverGrpc.VirtualTime.class)
class CertificateKeysTest extends OverGrpc {

  @Inject SigningKey key;

  @TestHTTPResource(CertificateKeys.PATH)
  URL url;

  @Test
  void the_public_key_is_there_for_anybody_and_the_private_one_for_nobody() {
    RestAssured.get(url)
        .then()
        .statusCode(200)
        .header("Content-Type", equalTo("application/jwk-set+json"))
        .header("Cache-Control", equalTo("public, max-age=300"))
        .body(equalTo(key.jwkSet()));
    RestAssured.get(url)
        .then()
        .body("keys", hasSize(1))
        .body("keys[0].kid", equalTo(key.keyId()))
        .body("keys[0].kty", equalTo("OKP"))
        .body("keys[0].crv", equalTo("Ed25519"))
        .body("keys[0].x", notNullValue())
        .body("keys[0].d", nullValue());
  }

  @Test
  void whoever_has_the_keys_already_is_told_so_in_short() {
    String tag = RestAssured.get(url).header("ETag");

    RestAssured.given()
        .header("If-None-Match", tag)
        .get(url)
        .then()
        .statusCode(304)
        .header("ETag", equalTo(tag))
        .body(equalTo(""));
    RestAssured.given()
        .header("If-None-Match", "\"another\"")
        .get(url)
        .then()
        .statusCode(200)
        .body(not(equalTo("")));
  }

  @Test
  void the_keys_can_be_asked_for_and_not_be_changed() {
    RestAssured.head(url).then().statusCode(200).body(equalTo(""));
    RestAssured.given().body("{}").post(url).then().statusCode(405);
    RestAssured.delete(url).then().statusCode(405);
  }
}
