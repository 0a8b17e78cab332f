// The workload of ../workload.ts in C++: same generator, same delays, same checksum.
#pragma once
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>

inline std::uint32_t lcg(std::uint32_t seed) { return seed * 1664525u + 1013904223u; }

inline const std::array<std::int32_t, 4096>& delays() {
  static const auto table = [] {
    std::array<std::int32_t, 4096> filled{};
    double sum = 0;
    for (int index = 0; index < 4096; index++) {
      sum += 1000000.0 / (4096 - index);
      filled[index] = 1000 + static_cast<std::int32_t>(std::floor(sum));
    }
    return filled;
  }();
  return table;
}

inline std::int64_t delay_of(std::uint32_t draw) {
  static const std::int32_t* const table = delays().data();
  return table[draw >> 20];
}

inline std::uint32_t target_of(std::uint32_t draw, std::uint32_t processes) { return (draw >> 8) % processes; }

// Processor time, as in processorTime of ../workload.ts.
inline double seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct Load {
  std::uint32_t processes;
  std::uint32_t population;
  std::uint64_t events;
};

inline Load load_of(int argc, char** argv) {
  if (argc != 4) std::exit(2);
  return {static_cast<std::uint32_t>(std::atol(argv[1])), static_cast<std::uint32_t>(std::atol(argv[2])),
          static_cast<std::uint64_t>(std::atoll(argv[3]))};
}

template <typename Processes>
std::uint32_t checksum(const Processes& processes) {
  std::uint32_t sum = 0;
  for (const auto& each : processes) sum = sum * 31u + (each.seed ^ each.visits);
  return sum;
}

// One line: ns an event, checksum.
inline void report(double elapsed, std::uint64_t events, std::uint32_t sum) {
  std::printf("%.3f %u\n", elapsed * 1e9 / static_cast<double>(events), sum);
}
