package io.arrears.core;

/** What a product must allow an account to do. */
public enum Access {
  ALLOWED("Everything works."),
  NEW_BLOCKED("Nothing new starts; what runs goes on and is billed (S5)."),
  BLOCKED("Nothing starts, and what runs is stopped."),
  RELEASED("Resources are released (S7, S10)."),
  ERASED("Data and records are erased (S10, S11).");

  private final String meaning;

  Access(String meaning) {
    this.meaning = meaning;
  }

  /** What it means, in a sentence. */
  public String meaning() {
    return meaning;
  }
}
