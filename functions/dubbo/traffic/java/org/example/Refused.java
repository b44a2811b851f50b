package org.example;

public class Refused extends Exception {
  public Refused(String message) {
    super(message);
  }
}
