package org.example;

/** An interface that providers export and no manifest speaks of, as health checks and metadata services are. */
public interface Undeclared {
  String ping(String text);
}
