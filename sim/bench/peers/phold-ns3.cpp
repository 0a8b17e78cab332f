// PHOLD on ns-3 with its default scheduler (a std::map): an event is a scheduled member function.
#include <vector>

#include "ns3/core-module.h"
#include "workload.hpp"

struct Process {
  std::uint32_t seed = 0;
  std::uint32_t visits = 0;
  void visit();
};

static std::vector<Process> processes;
static std::uint64_t left;

void Process::visit() {
  const std::uint32_t draw = lcg(seed);
  seed = lcg(draw);
  visits++;
  Process* const target = &processes[target_of(draw, static_cast<std::uint32_t>(processes.size()))];
  ns3::Simulator::Schedule(ns3::MicroSeconds(delay_of(seed)), &Process::visit, target);
  if (--left == 0) ns3::Simulator::Stop();
}

int main(int argc, char** argv) {
  const Load load = load_of(argc, argv);
  processes.resize(load.processes);
  left = load.events;
  for (std::uint32_t index = 0; index < load.processes; index++) processes[index].seed = index;
  std::uint32_t seed = 1;
  for (std::uint32_t index = 0; index < load.population; index++) {
    seed = lcg(seed);
    ns3::Simulator::Schedule(ns3::MicroSeconds(delay_of(seed)), &Process::visit, &processes[index % load.processes]);
  }
  const double start = seconds();
  ns3::Simulator::Run();
  report(seconds() - start, load.events, checksum(processes));
  ns3::Simulator::Destroy();
}
