"""PHOLD on SimPy, version 2 (package SimPy) or later (package simpy): an event is a process that holds, then visits."""
import sys
import time

PROCESSES, POPULATION, EVENTS = (int(argument) for argument in sys.argv[1:4])


def lcg(seed):
    return (seed * 1664525 + 1013904223) & 0xFFFFFFFF


def delay_table():
    table, total = [], 0.0
    for index in range(4096):
        total += 1000000 / (4096 - index)
        table.append(1000 + int(total))
    return table


DELAYS = delay_table()
seeds = list(range(PROCESSES))
visits = [0] * PROCESSES
left = EVENTS
started = 0.0
ended = 0.0


def visit(index):
    """One event: returns the next process and the delay. The clock starts at the first, after all processes started."""
    global left, started, ended
    if left == EVENTS:
        started = time.process_time()
    draw = lcg(seeds[index])
    seed = lcg(draw)
    seeds[index] = seed
    visits[index] += 1
    left -= 1
    if left == 0:
        ended = time.process_time()
    return (draw >> 8) % PROCESSES, DELAYS[seed >> 20]


def first_delays():
    seed = 1
    for index in range(POPULATION):
        seed = lcg(seed)
        yield index % PROCESSES, DELAYS[seed >> 20]


def run_simpy_2(simulation):
    class Token(simulation.Process):
        def run(self, index):
            hold = simulation.hold
            while True:
                index, delay = visit(index)
                if left == 0:
                    simulation.stopSimulation()
                yield hold, self, delay

    simulation.initialize()
    for index, delay in first_delays():
        token = Token()
        simulation.activate(token, token.run(index), at=delay)
    simulation.simulate(until=1 << 62)


def run_simpy_3(simpy):
    env = simpy.Environment()
    done = env.event()

    def token(index, delay):
        while True:
            yield env.timeout(delay)
            index, delay = visit(index)
            if left == 0:
                done.succeed()
                return

    for index, delay in first_delays():
        env.process(token(index, delay))
    env.run(until=done)


try:
    import simpy
except ImportError:
    from SimPy import Simulation

    run_simpy_2(Simulation)
else:
    run_simpy_3(simpy)

checksum = 0
for seed, count in zip(seeds, visits):
    checksum = (checksum * 31 + (seed ^ count)) & 0xFFFFFFFF
print(f"{(ended - started) * 1e9 / EVENTS:.3f} {checksum}")
