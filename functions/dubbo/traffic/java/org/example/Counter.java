package org.example;

public interface Counter {
  String total(String of);
}
