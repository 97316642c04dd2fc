//! The role sizes of the middle of 2015.

use super::{RoleSize, Series};

/// As the service listed them: by name.
#[rustfmt::skip]
pub(super) const ROLE_SIZES: &[RoleSize] = &[
    // name, series, cores, memory, data disks, disk of web and worker roles, disk of virtual machines
    size("A10", Series::Hpc, 8, 57_344, 16, 1_861_268, 391_828),
    size("A11", Series::Hpc, 16, 114_688, 16, 1_861_268, 391_828),
    size("A5", Series::A, 2, 14_336, 4, 501_760, 138_240),
    size("A6", Series::A, 4, 28_672, 8, 1_024_000, 291_840),
    size("A7", Series::A, 8, 57_344, 16, 2_088_960, 619_520),
    size("A8", Series::Hpc, 8, 57_344, 16, 1_861_268, 391_828),
    size("A9", Series::Hpc, 16, 114_688, 16, 1_861_268, 391_828),
    size("Basic_A0", Series::A, 1, 768, 1, 0, 20_480),
    size("Basic_A1", Series::A, 1, 1792, 2, 0, 40_960),
    size("Basic_A2", Series::A, 2, 3584, 4, 0, 61_440),
    size("Basic_A3", Series::A, 4, 7168, 8, 0, 122_880),
    size("Basic_A4", Series::A, 8, 14_336, 16, 0, 245_760),
    size("ExtraLarge", Series::A, 8, 14_336, 16, 2_088_960, 619_520),
    size("ExtraSmall", Series::A, 1, 768, 1, 20_480, 20_480),
    size("Large", Series::A, 4, 7168, 8, 1_024_000, 291_840),
    size("Medium", Series::A, 2, 3584, 4, 501_760, 138_240),
    size("Small", Series::A, 1, 1792, 2, 230_400, 71_680),
    size("Standard_D1", Series::D, 1, 3584, 2, 51_200, 51_200),
    size("Standard_D11", Series::D, 2, 14_336, 4, 102_400, 102_400),
    size("Standard_D12", Series::D, 4, 28_672, 8, 256_000, 256_000),
    size("Standard_D13", Series::D, 8, 57_344, 16, 512_000, 512_000),
    size("Standard_D14", Series::D, 16, 114_688, 32, 1_024_000, 1_024_000),
    size("Standard_D2", Series::D, 2, 7168, 4, 102_400, 102_400),
    size("Standard_D3", Series::D, 4, 14_336, 8, 256_000, 256_000),
    size("Standard_D4", Series::D, 8, 28_672, 16, 512_000, 512_000),
    size("Standard_DS1", Series::Ds, 1, 3584, 2, 0, 7168),
    size("Standard_DS11", Series::Ds, 2, 14_336, 4, 0, 28_672),
    size("Standard_DS12", Series::Ds, 4, 28_672, 8, 0, 57_344),
    size("Standard_DS13", Series::Ds, 8, 57_344, 16, 0, 114_688),
    size("Standard_DS14", Series::Ds, 16, 114_688, 32, 0, 229_376),
    size("Standard_DS2", Series::Ds, 2, 7168, 4, 0, 14_336),
    size("Standard_DS3", Series::Ds, 4, 14_336, 8, 0, 28_672),
    size("Standard_DS4", Series::Ds, 8, 28_672, 16, 0, 57_344),
    size("Standard_G1", Series::G, 2, 28_672, 4, 0, 393_216),
    size("Standard_G2", Series::G, 4, 57_344, 8, 0, 786_432),
    size("Standard_G3", Series::G, 8, 114_688, 16, 0, 1_572_864),
    size("Standard_G4", Series::G, 16, 229_376, 32, 0, 3_145_728),
    size("Standard_G5", Series::G, 32, 458_752, 64, 0, 6_291_456),
];

const fn size(
    name: &'static str,
    series: Series,
    cores: u32,
    memory_in_mb: u32,
    data_disks: u32,
    web_worker_disk_in_mb: u32,
    virtual_machine_disk_in_mb: u32,
) -> RoleSize {
    RoleSize {
        name,
        series,
        cores,
        memory_in_mb,
        data_disks,
        web_worker_disk_in_mb,
        virtual_machine_disk_in_mb,
    }
}
