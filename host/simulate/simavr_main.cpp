// SPDX-License-Identifier: Apache-2.0
// The emulator of AVR boards: runs an image in libsimavr and plays its sensor. A program of its own, so that
// whatever the library does with an image cannot end the tool; run_in_simavr() starts it.
//
// Usage: mote-simavr MCU CLOCK_HZ IMAGE RECORDING CYCLES
// RECORDING is what the playback sensor hands over byte by byte, or for an image that uses the analogue
// converter what inputs 0 to 2 measure, 16-bit little-endian in thousandths of a volt, conversion after
// conversion of each; supply and reference are 5 V. Writes serial.txt, what the firmware sends, and
// trace.txt, a line for each change of a pin: `led 1 CYCLE` or `busy 0 CYCLE`. Exits with 0 when the firmware
// has ended, 1 when it could not be run, 2 when CYCLES have passed, 3 when it has crashed.
#include <simavr/avr_adc.h>
#include <simavr/avr_ioport.h>
#include <simavr/avr_uart.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_io.h>

#include <algorithm>
#include <charconv>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr int kEnded = 0, kNotRun = 1, kNoEnd = 2, kCrashed = 3;

constexpr int kLedPin = 5, kBusyPin = 4;        // of port B
constexpr avr_io_addr_t kPlaybackByte = 0x3E;   // GPIOR0; boards/simavr-atmega328p/board.cpp reads them
constexpr avr_io_addr_t kPlaybackThere = 0x4A;  // GPIOR1

/// What an image is connected to.
struct World {
  Bytes recording;
  std::size_t next = 0;
  std::size_t conversions[3] = {};  ///< of the analogue inputs
  avr_t* avr = nullptr;
  std::ofstream serial;
  std::ofstream trace;
};

/// A pin that is traced.
struct Pin {
  World* world;
  const char* name;
  bool on = false;
};

int refuse(std::string_view text) {
  std::fprintf(stderr, "%.*s\n", static_cast<int>(text.size()), text.data());
  return kNotRun;
}

std::optional<Bytes> read_file(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

std::optional<std::uint64_t> number_from(std::string_view text) {
  std::uint64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Copies the loadable segments of a 32-bit little-endian ELF file to where they lie in flash; false if it is
/// none or one lies elsewhere. The library's own reader takes only sections with the names of the linker's
/// own script.
bool load(const Bytes& file, avr_t& avr) {
  const auto number = [&file](std::uint64_t at, int count) -> std::uint64_t {
    std::uint64_t value = 0;
    for (int byte = 0; byte < count; ++byte)
      if (at + static_cast<std::uint64_t>(byte) < file.size())
        value |= std::uint64_t{file[static_cast<std::size_t>(at) + static_cast<std::size_t>(byte)]}
                 << (8 * byte);
    return value;
  };
  constexpr std::uint64_t kElf32LittleEndian = 0x01'01'464C457F;
  constexpr std::uint64_t kMachineAvr = 83, kLoadable = 1;
  if (number(0, 6) != kElf32LittleEndian || number(18, 2) != kMachineAvr) return false;
  const std::uint64_t table = number(28, 4), entry = number(42, 2), count = number(44, 2);
  for (std::uint64_t index = 0; index < count; ++index) {
    const std::uint64_t at = table + index * entry;
    const std::uint64_t offset = number(at + 4, 4), address = number(at + 12, 4), bytes = number(at + 16, 4);
    if (number(at, 4) != kLoadable || bytes == 0) continue;
    if (offset + bytes > file.size() || address + bytes > std::uint64_t{avr.flashend} + 1) return false;
    std::copy_n(file.begin() + static_cast<std::ptrdiff_t>(offset), bytes, avr.flash + address);
  }
  return true;
}

void connect_sensor(World& world) {
  avr_register_io_read(
      world.avr, kPlaybackByte,
      [](avr_t*, avr_io_addr_t, void* context) -> std::uint8_t {
        World& own = *static_cast<World*>(context);
        return own.next < own.recording.size() ? own.recording[own.next++] : std::uint8_t{0};
      },
      &world);
  avr_register_io_write(
      world.avr, kPlaybackByte,
      [](avr_t*, avr_io_addr_t, std::uint8_t, void* context) { static_cast<World*>(context)->next = 0; },
      &world);
  avr_register_io_read(
      world.avr, kPlaybackThere,
      [](avr_t*, avr_io_addr_t, void* context) -> std::uint8_t {
        const World& own = *static_cast<const World*>(context);
        return own.next < own.recording.size() ? 1 : 0;
      },
      &world);
}

void connect_analogue_inputs(World& world) {
  constexpr std::uint32_t kSupplyMillivolts = 5000;
  world.avr->vcc = world.avr->avcc = world.avr->aref = kSupplyMillivolts;
  avr_irq_register_notify(
      avr_io_getirq(world.avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_OUT_TRIGGER),
      [](avr_irq_t*, std::uint32_t value, void* context) {
        World& own = *static_cast<World*>(context);
        avr_adc_mux_t chosen = {};
        std::memcpy(&chosen, &value, sizeof(value));  // its 32 bits, in a larger type on some computers
        const std::size_t input = chosen.src;
        if (chosen.kind != ADC_MUX_SINGLE || input >= std::size(own.conversions)) return;
        const std::size_t at = (own.conversions[input]++ * std::size(own.conversions) + input) * 2;
        if (at + 1 >= own.recording.size()) return;
        const auto millivolts = static_cast<std::uint32_t>(own.recording[at] | own.recording[at + 1] << 8);
        avr_raise_irq(avr_io_getirq(own.avr, AVR_IOCTL_ADC_GETIRQ, ADC_IRQ_ADC0 + static_cast<int>(input)),
                      millivolts);
      },
      &world);
}

void connect_serial(World& world) {
  std::uint32_t flags = 0;  // the library would echo to the terminal, and sleep while the firmware waits
  avr_ioctl(world.avr, AVR_IOCTL_UART_SET_FLAGS('0'), &flags);
  avr_irq_register_notify(
      avr_io_getirq(world.avr, AVR_IOCTL_UART_GETIRQ('0'), UART_IRQ_OUTPUT),
      [](avr_irq_t*, std::uint32_t value, void* context) {
        static_cast<World*>(context)->serial.put(static_cast<char>(value));
      },
      &world);
}

void connect_pin(Pin& pin, int number) {
  avr_irq_register_notify(
      avr_io_getirq(pin.world->avr, AVR_IOCTL_IOPORT_GETIRQ('B'), number),
      [](avr_irq_t*, std::uint32_t value, void* context) {
        Pin& own = *static_cast<Pin*>(context);
        const bool on = (value & 1) != 0;
        if (on == own.on) return;
        own.on = on;
        own.world->trace << own.name << (on ? " 1 " : " 0 ") << own.world->avr->cycle << '\n';
      },
      &pin);
}

int run(World& world, std::uint64_t cycles) {
  int state = cpu_Running;
  while (state != cpu_Done && state != cpu_Crashed) {
    if (world.avr->cycle > cycles) return kNoEnd;
    state = avr_run(world.avr);
  }
  return state == cpu_Done ? kEnded : kCrashed;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 6) return refuse("usage: mote-simavr MCU CLOCK_HZ IMAGE RECORDING CYCLES");
  const auto clock_hz = number_from(arguments[2]), cycles = number_from(arguments[5]);
  const auto image = read_file(arguments[3]), recording = read_file(arguments[4]);
  if (!clock_hz || !cycles) return refuse("clock and cycles are numbers");
  if (!image || !recording) return refuse("image or recording cannot be read");
  avr_global_logger_set([](avr_t*, const int, const char*, std::va_list) {});
  World world;
  world.recording = *recording;
  world.avr = avr_make_mcu_by_name(arguments[1]);
  if (world.avr == nullptr || avr_init(world.avr) != 0) return refuse("simavr does not know this processor");
  world.avr->frequency = static_cast<std::uint32_t>(*clock_hz);
  world.avr->sleep = [](avr_t*, avr_cycle_count_t) {};  // not in real time
  if (!load(*image, *world.avr)) return refuse("the image is no AVR ELF file, or does not fit the flash");
  world.serial.open("serial.txt", std::ios::binary);
  world.trace.open("trace.txt", std::ios::binary);
  connect_sensor(world);
  connect_analogue_inputs(world);
  connect_serial(world);
  Pin led{&world, "led"}, busy{&world, "busy"};
  connect_pin(led, kLedPin);
  connect_pin(busy, kBusyPin);
  const int code = run(world, *cycles);
  world.trace << "end " << world.avr->cycle << '\n';
  world.serial.close();
  world.trace.close();
  return world.serial && world.trace ? code : refuse("serial.txt or trace.txt cannot be written");
}
