// PHOLD on std::priority_queue: plain events, ties by order number, one virtual call an event.
#include <queue>
#include <vector>

#include "workload.hpp"

struct Event {
  std::int64_t at;
  std::uint64_t order;
  std::uint32_t target;
};

struct Later {
  bool operator()(const Event& a, const Event& b) const { return a.at != b.at ? a.at > b.at : a.order > b.order; }
};

struct Kernel {
  std::priority_queue<Event, std::vector<Event>, Later> queue;
  std::int64_t now = 0;
  std::uint64_t order = 0;
  void schedule(std::int64_t delay, std::uint32_t target) { queue.push({now + delay, order++, target}); }
};

struct Process {
  std::uint32_t seed = 0;
  std::uint32_t visits = 0;
  virtual ~Process() = default;
  virtual void step(Kernel& kernel) = 0;
};

struct Visitor final : Process {
  std::uint32_t processes = 0;
  void step(Kernel& kernel) override {
    const std::uint32_t draw = lcg(seed);
    seed = lcg(draw);
    visits++;
    kernel.schedule(delay_of(seed), target_of(draw, processes));
  }
};

int main(int argc, char** argv) {
  const Load load = load_of(argc, argv);
  Kernel kernel;
  std::vector<Visitor> visitors(load.processes);
  std::vector<Process*> processes;
  for (std::uint32_t index = 0; index < load.processes; index++) {
    visitors[index].seed = index;
    visitors[index].processes = load.processes;
    processes.push_back(&visitors[index]);
  }
  std::uint32_t seed = 1;
  for (std::uint32_t index = 0; index < load.population; index++) {
    seed = lcg(seed);
    kernel.schedule(delay_of(seed), index % load.processes);
  }
  const double start = seconds();
  for (std::uint64_t left = load.events; left > 0; left--) {
    const Event event = kernel.queue.top();
    kernel.queue.pop();
    kernel.now = event.at;
    processes[event.target]->step(kernel);
  }
  report(seconds() - start, load.events, checksum(visitors));
}
