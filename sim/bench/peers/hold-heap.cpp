// The hold model on std::priority_queue: pop the earliest, push it again later. Arguments: 1, pending, operations.
#include <queue>
#include <vector>

#include "workload.hpp"

struct Event {
  std::int64_t at;
  std::uint64_t order;
  std::uint32_t slot;
};

struct Later {
  bool operator()(const Event& a, const Event& b) const { return a.at != b.at ? a.at > b.at : a.order > b.order; }
};

int main(int argc, char** argv) {
  const Load load = load_of(argc, argv);
  std::priority_queue<Event, std::vector<Event>, Later> queue;
  std::uint64_t order = 0;
  std::uint32_t seed = 1;
  std::uint32_t sum = 0;
  for (std::uint32_t slot = 0; slot < load.population; slot++) {
    seed = lcg(seed);
    queue.push({delay_of(seed), order++, slot});
  }
  const auto hold = [&] {
    const Event event = queue.top();
    queue.pop();
    seed = lcg(seed);
    sum = sum * 31u + event.slot;
    queue.push({event.at + delay_of(seed), order++, event.slot});
  };
  // A full turn of the population first, so that the structure has left its initial state.
  for (std::uint32_t left = load.population; left > 0; left--) hold();
  const double start = seconds();
  for (std::uint64_t left = load.events; left > 0; left--) hold();
  report(seconds() - start, load.events, sum);
}
